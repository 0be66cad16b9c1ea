/** How the server function stands, in Japanese. */
import type { Texts } from "./texts.ts";

export const jaServerStates: Texts["server"]["states"] = {
  running: "動作中",
  "waiting-for-clock": "タイムサーバー待ち",
  "stopped-by-error": "エラーで停止",
  "stood-down": "交代済み：ほかの機器がサーバーです",
};
