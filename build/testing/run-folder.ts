/** The variable of the environment that names the scratch folder of a run to its tests. */
export const RUN_FOLDER = "TEST_RUN_FOLDER";
