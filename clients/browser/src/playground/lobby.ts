/**
 * Made-up states of the lobby for the playground, and actions that only say what they were asked.
 */
import type { Actions, LobbyState } from "../model";

const MAPS = [
  { name: "crossfire", title: "Crossfire", playersMin: 2, playersMax: 2, modes: ["duel"] },
  { name: "foundry", title: "Foundry", playersMin: 4, playersMax: 8, modes: ["deathmatch"] },
  { name: "orbit", title: "Orbit", playersMin: 8, playersMax: 16, modes: ["deathmatch"] },
];

const MATCHES: LobbyState["matches"] = [
  {
    match: "a1", mode: "deathmatch", map: "orbit", people: 11, bots: 3, playersMax: 16, watchers: 2,
    phase: 2, secondsLeft: 261,
  },
  {
    match: "b2", mode: "duel", map: "crossfire", people: 2, bots: 0, playersMax: 2, watchers: 5,
    phase: 3, secondsLeft: 40,
  },
  {
    match: "c3", mode: "deathmatch", map: "foundry", people: 3, bots: 5, playersMax: 8, watchers: 0,
    phase: 4, secondsLeft: 5,
  },
];

export function playgroundLobby(view: string): LobbyState {
  return {
    connection: connectionOf(view),
    name: "Grace", nameNote: view === "renamed" ? "You are Ada 2 here: a name like that is taken" : "",
    online: 37,
    modes: view === "offline" ? [] : [
      { name: "deathmatch", title: "Deathmatch", playersMin: 2, playersMax: 16 },
      { name: "duel", title: "Duel", playersMin: 2, playersMax: 2 },
    ],
    maps: view === "offline" ? [] : MAPS,
    matches: view === "empty" || view === "offline" ? [] : MATCHES,
    activity: activityOf(view),
    error: view === "refused" ? "There is no room with the code QWR-TYX-BCD." : "",
    trouble: null,
    parting: null,
  };
}

function connectionOf(view: string): LobbyState["connection"] {
  if (view !== "offline") return { kind: "online" };
  return { kind: "retrying", attempt: 3, inMs: 2400, reason: "the server does not answer" };
}

function activityOf(view: string): LobbyState["activity"] {
  switch (view) {
    case "queue":
      return { kind: "queued", mode: "deathmatch", waiting: 2, botsInS: 3 };
    case "seating":
      return { kind: "seating" };
    case "room":
    case "guest":
      return {
        kind: "room", code: "KXR-PWT-BCD", mode: "deathmatch", map: "orbit", owner: view === "room",
        playersMax: 16,
        members: ["Grace", "Ada", "Linus", "Barbara"],
      };
    case "fight":
      return { kind: "playing", watching: false };
    case "watch":
      return { kind: "playing", watching: true };
    default:
      return { kind: "idle" };
  }
}

/** Every action writes its name to the console. */
export function playgroundActions(): Actions {
  const say = (name: string) => (...given: unknown[]): void => console.info(name, ...given);
  return {
    play: say("play"), cancel: say("cancel"), createRoom: say("createRoom"),
    joinRoom: say("joinRoom"),
    startRoom: say("startRoom"), leaveRoom: say("leaveRoom"), refreshMatches: say("refreshMatches"),
    joinMatch: say("joinMatch"), watchMatch: say("watchMatch"), rename: say("rename"), acceptName: say("acceptName"),
    leaveMatch: say("leaveMatch"), vote: say("vote"), follow: say("follow"),
    watchReplay: say("watchReplay"), rewind: say("rewind"), tryNow: say("tryNow"),
    goOn: say("goOn"),
  };
}
