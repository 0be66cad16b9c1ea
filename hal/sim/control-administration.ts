/** The calls that go straight to the module's administration, once it is active. */
import type { CallTable } from "./control-line.ts";
import type { Services } from "./control-services.ts";

export const administrationCalls = (services: Services) =>
  ({
    acknowledged: () => services.acknowledged(),
    importBook: async ({ bytes, format }) => (await services.wait()).importAddressBook(bytes, format),
    exportBook: async ({ format, owners }) => (await services.wait()).exportAddressBook(format, owners),
    exportUserData: async ({ passphrase, owners }) => (await services.wait()).exportUserData(passphrase, owners),
    importUserData: async ({ file, passphrase }) => (await services.wait()).importUserData(file, passphrase),
    notApplied: async () => (await services.wait()).notApplied(),
    prepareExport: async ({ owners }) => (await services.wait()).prepareExport(owners),
    synchronize: async (change) => (await services.wait()).synchronize(change),
    testWay: async (way) => (await services.wait()).testWay(way),
    search: async ({ depth }) => (await services.wait()).search(depth),
    machines: async () => (await services.wait()).machines(),
    owners: async ({ search }) => (await services.wait()).owners(search),
    removeMachine: async ({ deviceId }) => (await services.wait()).removeMachine(deviceId),
    why: async ({ owner, item, key }) => (await services.wait()).why(owner, item, key),
    history: async ({ owner }) => (await services.wait()).history(owner),
    attention: async () => (await services.wait()).attention(),
    attentionSeen: async ({ what }) => {
      await (await services.wait()).attentionSeen(what);
      return undefined;
    },
    preview: async (asked) => (await services.wait()).preview(asked),
    putBack: async (chosen) => (await services.wait()).putBack(chosen),
    sharing: async () => (await services.wait()).sharing(),
    setSharing: async ({ scopes }) => (await services.wait()).setSharing(scopes),
    backup: async ({ passphrase }) => (await services.wait()).backup(passphrase),
    restore: async ({ file, passphrase }) => (await services.wait()).restore(file, passphrase),
    takeOver: async () => (await services.wait()).takeOver(),
    deleteOwner: async ({ owner }) => (await services.wait()).deleteOwner(owner),
  }) satisfies Partial<CallTable>;
