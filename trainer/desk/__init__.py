"""The facilitator's desk: grade demonstrations, follow a cohort, on this computer or in a training centre."""
