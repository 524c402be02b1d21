"""Beyond paper: what is posted, told over the village loudspeaker, in chat groups, on screens and at a touch screen.

All of it is made of the same views as site and sheets, behind the gate of the web (:func:`sitegen.contents.for_web`): of what is for a
specific group only the fact, the posting period, the totals, where to look and whom to call are ever told.
"""

from .gather import Order, Told, UnknownName, gather

__all__ = ["Order", "Told", "UnknownName", "gather"]
