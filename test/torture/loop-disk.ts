/**
 * A disk in a file, with an ext4 of its own, whose power can be cut: the file system stops at once, and what had not
 * reached the disk by then is gone, as behind a pulled plug. Killing a process proves nothing of that: the system keeps
 * what the process has written.
 */
import { closeSync, mkdirSync, openSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { runs, sh } from "./shell.ts";

export class LoopDisk {
  readonly #image: string;
  /** Where it is mounted. */
  readonly path: string;

  private constructor(folder: string) {
    this.#image = join(folder, "disk.img");
    this.path = join(folder, "mnt");
  }

  /** Makes and mounts it; throws what the system says where it cannot. */
  static make(folder: string, megabytes: number): LoopDisk {
    const disk = new LoopDisk(folder);
    mkdirSync(disk.path, { recursive: true });
    closeSync(openSync(disk.#image, "w"));
    truncateSync(disk.#image, megabytes * 1024 * 1024);
    sh("mkfs.ext4", ["-q", "-F", disk.#image]);
    disk.mount();
    return disk;
  }

  mount(): void {
    sh("mount", ["-o", "loop", this.#image, this.path]);
  }

  /** From now on every access fails; nothing more reaches the disk. */
  cutPower(): void {
    sh("xfs_io", ["-x", "-c", "shutdown", this.path]);
  }

  unmount(): void {
    sh("umount", [this.path]);
  }

  /** Whoever still has it open keeps it only until it ends. */
  remove(): void {
    runs("umount", ["-l", this.path]);
    rmSync(this.#image, { force: true });
  }
}
