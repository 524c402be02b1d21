"""How every template of the project is read: values are escaped, a name that is missing is an error, what stands in a page has its hash."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from sitegen.escaping import special
from sitegen.load.cache import cache_base
from sitegen.resources import resource


def environment(folder: Path, kind: type[jinja2.Environment] = jinja2.Environment, **more: Any) -> jinja2.Environment:
    """The templates of a folder. ``more`` are options of :class:`jinja2.Environment` besides those that all share."""
    return kind(
        loader=jinja2.FileSystemLoader(str(folder)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        bytecode_cache=compiled(kind.__name__),
        **more,
    )


@cache
def board(name: str) -> jinja2.Template:
    """A template of the sites' theme."""
    return _board().get_template(name)


@cache
def _board() -> jinja2.Environment:
    made = environment(resource("themes/board"), _Straight)
    made.globals["m"] = made.get_template("pages/_parts.html").module  # macros that nearly every page has
    return made


class _Code(CodeGenerator):
    """Pages are made of our own frozen values: an attribute is an attribute, a call is a call, and what is escaped is joined at once.

    Jinja's own code asks at every step whether it is something else, which takes a third of the time of a page.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """``a.b``. A name that is missing raises ``AttributeError``."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """``f(a, b=c)``. What would be given the context, such as ``caller``, is called as Jinja does."""
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for n, given in enumerate((*node.args, *node.kwargs)):
            self.write(", " if n else "")
            self.visit(given, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")


class _Straight(jinja2.Environment):
    code_generator_class = _Code

    @staticmethod
    def shown(value: object) -> str:
        """A value as it stands in a page, escaped unless it is markup."""
        if type(value) is str:
            return escape(value) if special(value) else value
        return value if type(value) is Markup else escape(value)


@cache
def compiled(kind: str = "Environment") -> jinja2.BytecodeCache | None:
    """Templates compiled once are kept from run to run: half a second for a build of one page."""
    folder = cache_base() / "templates"
    form = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]  # how templates are compiled is said above
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if not old.name.startswith(form):
                old.unlink(missing_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"{form}-{kind}-%s.cache")


def hash_of(text: str) -> str:
    """A style or script that stands in a page, as its content security policy names it: ``sha256-…``."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
