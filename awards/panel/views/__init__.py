from awards.panel.views.acts import (
    AssignView,
    CloseView,
    OpenView,
    PanelSettingsView,
    ReplaceView,
    SupplementView,
)
from awards.panel.views.board import AssignmentExportView, PanelView
from awards.panel.views.drawing import DrawView, MinutesView
from awards.panel.views.overview import PanelListView
from awards.panel.views.pool import (
    ReviewerEditView,
    ReviewerFindView,
    ReviewerImportView,
    ReviewerListView,
    ReviewerNewView,
)
from awards.panel.views.recusals import RecusalListView, RecusalNewView

__all__ = [
    "AssignView",
    "AssignmentExportView",
    "CloseView",
    "DrawView",
    "MinutesView",
    "OpenView",
    "PanelListView",
    "PanelSettingsView",
    "PanelView",
    "RecusalListView",
    "RecusalNewView",
    "ReplaceView",
    "ReviewerEditView",
    "ReviewerFindView",
    "ReviewerImportView",
    "ReviewerListView",
    "ReviewerNewView",
    "SupplementView",
]
