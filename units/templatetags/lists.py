"""`{% list %}`: the table of a list page. Its columns are declared in Python; a cell that is more than its
value is drawn here:

    {% list %}
      {% cell "状态" %}{% if row.is_active %}…{% endif %}{% endcell %}
    {% endlist %}
"""

from django import template
from django.template.base import Node, NodeList
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from units.kit.columns import Column
from units.kit.lists import Listing
from units.papers.workbook import NUMERIC
from units.templatetags.portal import sort_head

register = template.Library()


class ListNode(Node):
    def __init__(self, cells: dict[str, NodeList]):
        self.cells = cells

    def render(self, context):
        drawn = context.template.engine.get_template("components/_list.html")
        with context.push(cells=self.cells):
            return drawn.render(context)


@register.tag("list")
def draw_list(parser, token):
    """`list` of the context, a Listing, with some of its cells drawn in between."""
    cells = {}
    parser.parse(("cell", "endlist"))
    while (token := parser.next_token()).contents != "endlist":
        _, header = token.split_contents()
        cells[header.strip("\"'")] = parser.parse(("endcell",))
        parser.delete_first_token()
        parser.parse(("cell", "endlist"))
    return ListNode(cells)


@register.simple_tag(takes_context=True)
def list_heads(context, listing: Listing):
    return format_html_join("", "{}", [(_head(context, column),) for column in listing.heads])


def _head(context, column: Column):
    css = "num" if column.kind in NUMERIC or "num" in column.css.split() else ""
    if column.kind == "act":
        return mark_safe('<th scope="col"><span class="visually-hidden">操作</span></th>')
    if column.order:
        return sort_head(context, column.order, column.header, css)
    return format_html(
        '<th scope="col"{}>{}</th>', format_html(' class="{}"', css) if css else "", column.header
    )


@register.simple_tag(takes_context=True)
def list_rows(context, listing: Listing):
    """Every row of the page; `row` is what a drawn cell sees."""
    cells = context["cells"]
    if lost := cells.keys() - {column.header for column in listing.columns}:
        raise template.TemplateSyntaxError(f"no column of the list is called {'、'.join(lost)}")
    pens = _pens(listing.columns, cells)
    rows = []
    with context.push():
        for row in listing.page.object_list:
            context["row"] = row
            drawn = [f"{start}{write(context, row)}{end}" for start, write, end in pens]
            rows.append(f"<tr>{_box(listing, context, row)}{''.join(drawn)}</tr>\n")
    return mark_safe("".join(rows))


def _pens(columns, cells):
    """For each cell of a row: its start tag, what writes it, its end tag."""
    pens, shown = [], [column for column in columns if column.page]
    for at, column in enumerate(shown):
        if column.folded:
            continue
        more = []
        for following in shown[at + 1 :]:
            if not following.folded:
                break
            more.append((following.css, _writer(following, cells)))
        tag, scope = ("th", ' scope="row"') if column.main else ("td", "")
        label = "" if column.main or column.kind == "act" else format_html(
            ' data-label="{}"', column.short or column.header
        )  # fmt: skip
        css = f' class="{column.classes}"' if column.classes else ""
        pens.append((f"<{tag}{scope}{label}{css}>", _with_lines(_writer(column, cells), more), f"</{tag}>"))
    return pens


def _writer(column: Column, cells):
    if (nodes := cells.get(column.header)) is not None:
        return lambda context, row: nodes.render(context)
    return lambda context, row: conditional_escape(column.html(row))


def _with_lines(write, more):
    if not more:
        return write

    def both(context, row):
        lines = [(css, line(context, row)) for css, line in more]
        return write(context, row) + "".join(
            f'<span class="sub{f" {css}" if css else ""}">{text}</span>' for css, text in lines if text
        )

    return both


def _box(listing: Listing, context, row) -> str:
    if listing.pick is None:
        return ""
    value, label = listing.pick(row)
    return format_html(
        '<td class="pick"><input class="form-check-input" type="checkbox" name="pick" value="{}" aria-label="选择{}"{}></td>',
        value, label, mark_safe(" checked") if context.get("whole") else "",
    )  # fmt: skip


@register.simple_tag
def list_sums(listing: Listing):
    """The row of sums, above the others: its label spans what stands before the first sum."""
    heads = listing.heads
    first = next((at for at, column in enumerate(heads) if column.header in listing.sums), len(heads))
    cells = [
        format_html(
            '<td data-label="{}" class="num">{}</td>',
            column.short or column.header,
            listing.sums[column.header],
        )
        if column.header in listing.sums
        else mark_safe('<td class="skip-phone"></td>')
        for column in heads[first:]
    ]
    span = format_html(' colspan="{}"', first) if first > 1 else ""
    box = mark_safe('<td class="skip-phone"></td>') if listing.pick else ""
    head = format_html('<th scope="row"{} class="main">{}</th>', span, listing.sum_label)
    return format_html(
        '<tr class="sum">{}{}{}</tr>', box, head, format_html_join("", "{}", ((c,) for c in cells))
    )
