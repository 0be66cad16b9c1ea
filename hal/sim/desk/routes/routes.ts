/** All routes of the desk. */
import type { Desk } from "../desk.ts";
import type { Route } from "../http/router.ts";
import { acknowledgedRoutes } from "./acknowledged.ts";
import { addressBookRoutes } from "./address-book.ts";
import { backupRoutes } from "./backup.ts";
import { diagnosisRoutes } from "./diagnosis.ts";
import { eventRoutes } from "./events.ts";
import { findingRoutes } from "./finding.ts";
import { hardwareRoutes } from "./hardware.ts";
import { historyRoutes } from "./history.ts";
import { itemRoutes } from "./items.ts";
import { loginRoutes } from "./login.ts";
import { machineRoutes } from "./machines.ts";
import { notAppliedRoutes } from "./not-applied.ts";
import { type PageFiles, pageRoutes } from "./page.ts";
import { panelRoutes } from "./panel.ts";
import { powerRoutes } from "./power.ts";
import { previewRoutes } from "./preview.ts";
import { serverMachineRoutes } from "./server-machine.ts";
import { settingsRoutes } from "./settings.ts";
import { synchronizeRoutes } from "./synchronize.ts";
import { userDataRoutes } from "./user-data.ts";

export const deskRoutes = (desk: Desk, page: PageFiles): readonly Route[] => [
  ...machineRoutes(desk),
  ...panelRoutes(desk),
  ...loginRoutes(desk),
  ...powerRoutes(desk),
  ...hardwareRoutes(desk),
  ...settingsRoutes(desk),
  ...itemRoutes(desk),
  ...acknowledgedRoutes(desk),
  ...addressBookRoutes(desk),
  ...diagnosisRoutes(desk),
  ...historyRoutes(desk),
  ...previewRoutes(desk),
  ...synchronizeRoutes(desk),
  ...findingRoutes(desk),
  ...serverMachineRoutes(desk),
  ...notAppliedRoutes(desk),
  ...userDataRoutes(desk),
  ...backupRoutes(desk),
  ...eventRoutes(desk),
  ...pageRoutes(page),
];
