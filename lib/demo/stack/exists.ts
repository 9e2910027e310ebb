import fs from "node:fs/promises";

/** Whether there is such a file or folder. */
export const exists = (file: string): Promise<boolean> =>
  fs.stat(file).then(
    () => true,
    () => false,
  );
