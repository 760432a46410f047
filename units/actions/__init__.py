"""What administrators and the office do with accounts, posts and the tree of units."""

from units.actions.accounts import (
    change_account,
    create_account,
    create_accounts,
    passwords_again,
    rename_account,
    reset_password,
    set_account_active,
)
from units.actions.beginning import begin
from units.actions.posts import confirm_posts, end_post, grant_first_posts, grant_post, refuse_post
from units.actions.tree import change_unit, close_unit, create_unit, move_unit

__all__ = [
    "begin", "change_account", "change_unit", "close_unit", "confirm_posts", "create_account", "create_accounts",
    "create_unit", "end_post", "grant_first_posts", "grant_post", "move_unit", "passwords_again", "refuse_post",
    "rename_account", "reset_password", "set_account_active",
]  # fmt: skip
