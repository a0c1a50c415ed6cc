"""What stands round every page of the review room: templates, forms, navigation, error pages, protection."""
