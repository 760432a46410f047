"""Pages of the notice: public (what is published, the objection desk), desk (the office), cases."""
