"""public/ → hosting: only what changed goes up, in an order in which no reader meets a page whose parts are missing.

This package knows files and nothing of disclosure: what a build left in a folder, and places to put it.
"""

from sitegen.model.publishing import PublishFile, Target

from .problems import Problem
from .run import Done, Order, publish

__all__ = ["Done", "Order", "Problem", "PublishFile", "Target", "publish"]
