// The peer of the bench: a Colyseus 0.18 room as its documentation would have one write it. Real inputs (buttons and
// aim, decoded from bytes), a trivial simulation at 60 Hz, six fields per player, patches at 30 Hz, 16 to a room.
// It must do no more than that: everything Skirmish does beyond it (walls, weapons, journal) is Skirmish's own cost.
//
//   node server.mjs PORT PLAYERS_PER_ROOM
import { Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const [port, playersPerRoom] = process.argv.slice(2).map(Number);
const SIMULATION_HZ = 60;
const PATCH_HZ = 30;
const SPEED_UNITS_PER_TICK = 111;
const ACCELERATION_UNITS_PER_TICK = 14;
const MAP_UNITS = 40 * 1024;
const [UP, DOWN, LEFT, RIGHT] = [1, 2, 4, 8];

const Player = schema(
  // `lastInput` is what a client needs to reconcile its prediction; it changes with every patch, as in any such game.
  { x: t.int32(), y: t.int32(), vx: t.int16(), vy: t.int16(), aim: t.uint16(), lastInput: t.uint16() },
  "Player",
);
const State = schema({ players: t.map(Player) }, "State");

/** Move a velocity towards what the keys ask for. */
function approach(value, wanted) {
  const step = Math.max(-ACCELERATION_UNITS_PER_TICK, Math.min(ACCELERATION_UNITS_PER_TICK, wanted - value));
  return value + step;
}

class Arena extends Room {
  maxClients = playersPerRoom;
  patchRate = 1000 / PATCH_HZ;
  maxMessagesPerSecond = 1000;
  state = new State();
  inputs = new Map(); // sessionId → { number, buttons, aim }, the last one that arrived

  onCreate() {
    this.onMessageBytes("input", (client, bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const input = this.inputs.get(client.sessionId);
      input.number = view.getUint16(0, true);
      input.buttons = view.getUint16(2, true);
      input.aim = view.getUint16(4, true);
    });
    this.setSimulationInterval(() => this.step(), 1000 / SIMULATION_HZ);
  }

  onJoin(client) {
    const player = new Player();
    player.x = player.y = MAP_UNITS / 2;
    player.vx = player.vy = player.aim = player.lastInput = 0;
    this.inputs.set(client.sessionId, { number: 0, buttons: 0, aim: 0 });
    this.state.players.set(client.sessionId, player);
  }

  onLeave(client) {
    this.inputs.delete(client.sessionId);
    this.state.players.delete(client.sessionId);
  }

  step() {
    this.state.players.forEach((player, sessionId) => {
      const { number, buttons, aim } = this.inputs.get(sessionId);
      const right = (buttons & RIGHT ? 1 : 0) - (buttons & LEFT ? 1 : 0);
      const down = (buttons & DOWN ? 1 : 0) - (buttons & UP ? 1 : 0);
      player.vx = approach(player.vx, right * SPEED_UNITS_PER_TICK);
      player.vy = approach(player.vy, down * SPEED_UNITS_PER_TICK);
      player.x = Math.max(0, Math.min(MAP_UNITS, player.x + player.vx));
      player.y = Math.max(0, Math.min(MAP_UNITS, player.y + player.vy));
      player.aim = aim;
      player.lastInput = number;
    });
  }
}

const server = new Server({ greet: false, transport: new WebSocketTransport({ pingInterval: 0 }) });
server.define("arena", Arena);
await server.listen(port, "127.0.0.1");
console.log("ready");
