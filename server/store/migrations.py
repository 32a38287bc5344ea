"""The database's shape, as the steps that lead to it; a database remembers how many it has taken.

Owns: the schema. Must not know: connections. Invariant: a step that was released is never changed,
only followed.
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
)
