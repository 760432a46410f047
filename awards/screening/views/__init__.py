from awards.screening.views.file import BlindView, DiscardView, FileView
from awards.screening.views.queue import QueueView, ReleaseView, ResultsView

__all__ = ["BlindView", "DiscardView", "FileView", "QueueView", "ReleaseView", "ResultsView"]
