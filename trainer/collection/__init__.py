"""Pictures of own sessions, collected for training where their people agreed; nothing leaves the computer."""
