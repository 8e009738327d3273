mod discipline;
