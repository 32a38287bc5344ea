"""Map files: reading them, facts about them, pictures of them."""
