/** The way to the server machine and its search, in Japanese. */
import type { WayTexts } from "./text-parts.ts";

export const jaWay: WayTexts = {
  depth: "検索の深さ（ルーター）",
  test: "サーバーへの接続をテスト",
  title: "サーバーへの接続",
  parts: {
    address: "アドレス",
    port: "ポート8443",
    service: "サーバー機能",
    clock: "サーバー機の時計",
    account: "サーバー機の管理者",
    settings: "認証とグループ",
  },
  passed: "正常",
  failed: "失敗",
  notReached: "未テスト",
  serverClock: "サーバー機能は、時刻が合うのを待っています。",
  untold: "サーバーのログインサービスがパスワードそのものを求めています。フィンガープリントを確認したあと、開始時にだけ送られます。",
  nobody: {
    why: "電源が切れているか、ネットワークが切れているか、サーバー機能が開始されていません。",
    next: "アドレスを確認し、サーバー機でサーバー機能を開始してください：カスタム設定の同期（サーバー）。",
  },
};
