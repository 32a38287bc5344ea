"""The skill of bots: five levels of the same brain.

Owns: the numbers. Must not know: how they are used. Invariant: no number gets worse with the level.
"""

from attrs import frozen


@frozen
class Skill:
    """One level. Angles are in 65,536ths of a turn, times in ticks."""

    look_ticks: int  # between two looks round: whom to fight, how to step
    reaction_ticks: int  # from seeing somebody to pulling the trigger
    turn_per_tick: int
    aim_error: int  # to either side, at most
    lead_percent: int  # how much of a target's movement is predicted
    dodge_percent: int  # of the rockets that are noticed
    flee_health: int  # health and armour together, below which a fight is left; 0 never
    need_percent: int  # how much pickups count against hunting
    weapon_bias: int  # how far the choice of weapon strays from the best one


LEVELS = {
    1: Skill(24, 40, 600, 3_600, 0, 0, 0, 40, 60),
    2: Skill(18, 28, 1_000, 2_400, 30, 0, 0, 60, 50),
    3: Skill(12, 18, 1_600, 1_500, 60, 30, 25, 80, 40),
    4: Skill(9, 11, 2_600, 800, 85, 65, 40, 100, 30),
    5: Skill(6, 6, 4_400, 350, 100, 90, 55, 110, 20),
}
