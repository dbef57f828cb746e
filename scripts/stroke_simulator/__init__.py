"""A simulator of thumb motion on the back and of what a camera tracker makes of it.

`script` says what a person does, `motion` how the thumb moves while doing it, `camera` what the tracker reports.
It imports nothing of `trainer`, so that the recogniser is never trained on its own assumptions by accident.
"""

from scripts.stroke_simulator.session import SimulatedEvent, SimulatedHand, simulate_session

__all__ = ["SimulatedEvent", "SimulatedHand", "simulate_session"]
