"""The pages that Pijat serves to the browser of this computer, and what stands behind them."""
