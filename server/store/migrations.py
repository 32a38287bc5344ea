"""The database schema, as a list of migrations; a database records how many it has applied.

Owns: the schema. Must not know: connections. Invariant: a released migration is never changed, only
followed by another.
"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """create table results (
            match_id text not null,
            round_number integer not null,
            mode text not null,
            map_name text not null,
            seed integer not null,
            digest blob not null,
            started_s real not null,
            ended_s real not null,
            winner integer not null,
            primary key (match_id, round_number)
        ) strict""",
        "create index results_by_end on results (ended_s desc, match_id)",
        """create table result_players (
            match_id text not null,
            round_number integer not null,
            slot integer not null,
            player_id text not null,
            name text not null,
            bot integer not null,
            score integer not null,
            kills integer not null,
            deaths integer not null,
            place integer not null,
            primary key (match_id, round_number, slot),
            foreign key (match_id, round_number) references results on delete cascade
        ) strict""",
    ),
    (  # players who left are kept too, and a slot may have had several: places are unique
        """create table result_places (
            match_id text not null,
            round_number integer not null,
            place integer not null,
            slot integer not null,
            player_id text not null,
            name text not null,
            bot integer not null,
            score integer not null,
            kills integer not null,
            deaths integer not null,
            left_early integer not null,
            primary key (match_id, round_number, place),
            foreign key (match_id, round_number) references results on delete cascade
        ) strict""",
        """insert into result_places
            select match_id, round_number, place, slot, player_id, name, bot, score, kills, deaths,
            0 from result_players""",
        "drop table result_players",
        "alter table result_places rename to result_players",
    ),
    (  # modes with two sides
        "alter table results add column red integer not null default 0",
        "alter table results add column blue integer not null default 0",
        "alter table result_players add column team integer not null default 0",
    ),
)
