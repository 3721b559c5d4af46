"""The verbs for programs: what `import bulk_orders` offers. They print nothing, exit nowhere and read no environment."""
