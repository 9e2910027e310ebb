/** A log file of bounded size: at half the limit it is renamed to `<file>.1` and a new file is started. */
import fs from "node:fs";
import path from "node:path";

const HALF_LIMIT_BYTES = 4 * 1024 * 1024;

export interface BoundedLog {
  readonly write: (chunk: Buffer) => void;
  readonly close: () => void;
}

export function openBoundedLog(file: string): BoundedLog {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let fd = fs.openSync(file, "a");
  let sizeBytes = fs.fstatSync(fd).size;
  return {
    write(chunk) {
      if (sizeBytes + chunk.length > HALF_LIMIT_BYTES) {
        fs.closeSync(fd);
        fs.renameSync(file, `${file}.1`);
        fd = fs.openSync(file, "w");
        sizeBytes = 0;
      }
      sizeBytes += fs.writeSync(fd, chunk.length > HALF_LIMIT_BYTES ? chunk.subarray(-HALF_LIMIT_BYTES) : chunk);
    },
    close: () => fs.closeSync(fd),
  };
}

/** The last lines of a log, for error messages; empty if there is no log. */
export function tailOfLog(file: string, lines = 12): string {
  if (!fs.existsSync(file)) return "";
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
