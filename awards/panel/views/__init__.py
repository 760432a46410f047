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
from awards.panel.views.overview import PanelListExportView, PanelListView
from awards.panel.views.pool import (
    ReviewerEditView,
    ReviewerExportView,
    ReviewerImportView,
    ReviewerListView,
    ReviewerNewView,
)
from awards.panel.views.recusals import RecusalExportView, RecusalListView, RecusalNewView

__all__ = [
    "AssignView",
    "AssignmentExportView",
    "CloseView",
    "DrawView",
    "MinutesView",
    "OpenView",
    "PanelListExportView",
    "PanelListView",
    "PanelSettingsView",
    "PanelView",
    "RecusalExportView",
    "RecusalListView",
    "RecusalNewView",
    "ReplaceView",
    "ReviewerEditView",
    "ReviewerExportView",
    "ReviewerImportView",
    "ReviewerListView",
    "ReviewerNewView",
    "SupplementView",
]
