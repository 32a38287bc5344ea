"""From devices to inputs. Must not know pygame: it gets names of keys and positions of sticks."""
