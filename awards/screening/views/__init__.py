from awards.screening.views.file import BlindView, DiscardView, FileView
from awards.screening.views.queue import PrepareView, QueueView, ReleaseView, ResultsView

__all__ = ["BlindView", "DiscardView", "FileView", "PrepareView", "QueueView", "ReleaseView", "ResultsView"]
