"""An audit's drawn sample as it was loaded: cases, their material, who reads them."""
