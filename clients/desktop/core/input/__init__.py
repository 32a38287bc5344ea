"""From hands to inputs. Must not know pygame: it is told names of keys and positions of sticks."""
