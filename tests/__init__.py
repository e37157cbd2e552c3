PATIENCE = 300  # seconds for another thread, process or page: a hang fails, a loaded machine does not
