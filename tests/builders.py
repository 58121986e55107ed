"""The builders that tests use are those that users have."""

from mockregister.builders import *  # noqa: F403
