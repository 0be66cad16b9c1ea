/** What this system allows. A story that needs more is skipped, and said so. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoopDisk } from "./loop-disk.ts";
import { runs } from "./shell.ts";

export type Ability = "loop-disk" | "namespaces" | "faketime" | "eatmydata" | "tmpfs" | "fiu";

/** Where Debian puts them; another system may name its own by a variable. */
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
export const EATMYDATA = process.env.EATMYDATA ?? join(LIBRARIES, "libeatmydata.so");
export const FAKETIME = process.env.FAKETIME ?? join(LIBRARIES, "faketime/libfaketime.so.1");
/** Both are needed: the one that listens to orders, and the one that lets calls fail. */
const FIU_FOLDER = process.env.FIU ?? "/usr/lib/fiu";
export const FIU = ["fiu_run_preload.so", "fiu_posix_preload.so"].map((name) => join(FIU_FOLDER, name));

const CHECKS: { readonly [ability in Ability]: { readonly missing: string; readonly isThere: () => boolean } } = {
  "loop-disk": {
    missing: "root, mkfs.ext4, mount -o loop, and xfs_io (package xfsprogs) to cut the power of a file system",
    isThere: () => {
      const folder = mkdtempSync(join(tmpdir(), "loop-"));
      try {
        const disk = LoopDisk.make(folder, 24);
        disk.cutPower();
        disk.remove();
        return true;
      } catch {
        // Whatever it is that this system lacks, the sentence above names it.
        return false;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  namespaces: {
    missing: "root and ip netns (package iproute2), with bridges and veth pairs",
    isThere: () => {
      const name = `css-${process.pid}`;
      const made = runs("ip", ["netns", "add", name]) && runs("ip", ["link", "add", `${name}b`, "type", "bridge"]);
      runs("ip", ["link", "del", `${name}b`]);
      runs("ip", ["netns", "del", name]);
      return made;
    },
  },
  faketime: { missing: `libfaketime (package faketime) at ${FAKETIME}`, isThere: () => existsSync(FAKETIME) },
  eatmydata: { missing: `libeatmydata (package eatmydata) at ${EATMYDATA}`, isThere: () => existsSync(EATMYDATA) },
  fiu: { missing: `libfiu (package fiu-utils) at ${FIU_FOLDER}`, isThere: () => FIU.every((file) => existsSync(file)) },
  tmpfs: {
    missing: "root and mount -t tmpfs",
    isThere: () => {
      const folder = join(tmpdir(), `tmpfs-${process.pid}`);
      mkdirSync(folder, { recursive: true });
      const mounted = runs("mount", ["-t", "tmpfs", "-o", "size=1m", "none", folder]);
      if (mounted) runs("umount", [folder]);
      rmSync(folder, { recursive: true, force: true });
      return mounted;
    },
  },
};

/** What is missing for these, in a sentence each; empty: nothing. */
export const missing = (needs: readonly Ability[]): string[] =>
  needs.flatMap((ability) => (CHECKS[ability].isThere() ? [] : [CHECKS[ability].missing]));
