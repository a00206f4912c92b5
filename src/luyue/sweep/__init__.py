"""What the passing of time does: due times, alarms, periodic duties, sealing, clearing away."""
