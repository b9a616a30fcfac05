"""Service profiles: how long one request keeps one worker busy, and how that moves with the instance or the memory."""
