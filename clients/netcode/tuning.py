"""The thresholds of the netcode, one table for every client.

`python -m clients.netcode.export` writes the browser's copy, with seconds as milliseconds. Ticks
are those of the server, 60 a second.
"""

from typing import Final

from game.tuning import SNAPSHOT_EVERY_TICKS, TILE_UNITS, TUNING

# The server's clock, and the delay that draws others smoothly (`arrival.py`).
DELAY_TICKS_MIN: Final = 2 * SNAPSHOT_EVERY_TICKS
DELAY_TICKS_MAX: Final = 15  # as far as the server rewinds for a rail
DELAY_IN_TIME_SHARE: Final = 0.97  # of the snapshots; the delay waits for no more
GLIDE: Final = 0.03  # a jump would show in every other player
JUMP_TICKS: Final = 20
EARLIER_SHARE: Final = 0.15  # an early snapshot proves that the path is faster than assumed
LATER_SHARE: Final = 0.03  # a late one may only have been delayed
LATE_TICKS_MAX: Final = 6  # more lateness than this says no more about the path
BURST_S: Final = 0.006  # snapshots this close together were delayed together
FAR_TICKS: Final = 30
FAR_FOR_S: Final = 1.0  # only when all are far late for this long has the server's time jumped
SPACING_TICKS_MAX: Final = 8
SPACING_SHARE: Final = 0.1
JITTER_SHARE: Final = 0.05
QUANTILE_STEP: Final = 0.25

# The lead over the server (`clock.py`).
STEPS_MAX: Final = 15  # what one frame may catch up on; a longer gap is jumped over
STEPS_AFTER_GAP: Final = 2  # enough for one message, and all whose inputs are not too late
MARGIN_TARGET_TICKS: Final = 1.5
MARGIN_SHARE: Final = 0.15
RATE_MAX: Final = 0.05  # a larger change of speed is visible
RATE_PER_TICK: Final = 0.012
LATE_RESYNC_TICKS: Final = -5  # later than this, catching up by speed would take seconds
EARLY_RESYNC_TICKS: Final = 25  # if earlier, the server refuses inputs as too early
RESYNC_AFTER_S: Final = 0.4  # a stall ends sooner, and what it delayed proves nothing
BURST_FREE_TICKS: Final = 2  # one message holds this many ticks anyway
BURST_EXTRA_TICKS_MAX: Final = STEPS_MAX - 1 - BURST_FREE_TICKS  # the most a frame catches up on
BURST_FORGOTTEN_PER_TICK: Final = 0.004  # one tick in four seconds
SPREAD_FREE_TICKS: Final = 1  # a margin is a whole number, and varies by this much anywhere
SPREAD_TICKS_MAX: Final = 8
IN_TIME_SHARE: Final = 0.998  # each late input may cause a correction; with 0.99 some do
# On a new connection, inputs later than the target by more than this cause a jump: catching up by
# speed would take seconds of late inputs, and there is little on the screen yet.
NEW_CONNECTION_TICKS: Final = 3
NEW_CONNECTION_S: Final = 1.5
LEAD_TICKS_START: Final = 4  # besides the round trip: too early costs nothing but delay

# The local player (`input_history.py`, `input_sender.py`, `prediction.py`, `predicted_actions.py`).
COAST_TICKS: Final = 15  # the server repeats the last input for so long
INPUTS_MAX: Final = 256
STATES_MAX: Final = INPUTS_MAX  # four seconds; no replay is ever longer
STEPS_PER_MESSAGE: Final = 2
STEPS_REPEATED: Final = 2
LAG_APART_MAX: Final = 1  # between two steps in a message, when a shot depends on it
TICK_UNITS_MAX: Final = TILE_UNITS  # no player moves farther in a tick, except by a spawn
ACTIONS_MAX: Final = 64
# An event carries its snapshot's tick; no snapshot from before an action has its event.
ACTION_EARLY_TICKS: Final = 2
ACTION_LATE_TICKS_MAX: Final = 15  # an action this much later is another action

# What is drawn (`hiding.py`, `interpolation.py`, `shots.py`, `flight.py`, `event_queue.py`).
HIDDEN_UNITS_MAX: Final = 8 * TILE_UNITS  # a longer offset is no movement of a player
HIDDEN_HALVES_IN_TICKS: Final = 2.7
HIDDEN_NONE_UNITS: Final = 1
# A player may run meanwhile: both together are no faster than the rules allow.
HIDDEN_UNITS_PER_TICK_MAX: Final = TUNING.speed_max - 2 * TUNING.run_speed
EXTRAPOLATION_TICKS_MAX: Final = 6
VIEWS_MAX: Final = 40  # more than a second
BACK_TICKS: Final = 1  # displayed time may glide back this far; more is a jump
CATCH_UP_TICKS: Final = 15  # for the shots of others, from their owner's time to the present
FLIGHT_TICKS_MAX: Final = 40
GHOST_TICKS_MAX: Final = 60  # a round trip of a second
FADE_TICKS: Final = 8
SHOT_ERROR_HALVES_IN_TICKS: Final = 3
WAITING_EVENTS_MAX: Final = 256
# A client that hung resumes with the present, not with the noise of all that it missed.
STALE_TICKS: Final = 90
