using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal sealed class SlotCheck : ICheck
{
    private const string Slots = """
        SELECT slot_name::text, slot_type = 'logical', active,
               pg_catalog.format('%s%s', slot_name, ' (' || plugin || ')'),
               coalesce(pg_catalog.pg_wal_lsn_diff(
                   CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                       ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn), 0)::bigint
        FROM pg_catalog.pg_replication_slots
        WHERE database = pg_catalog.current_database() OR (slot_type = 'physical' AND NOT active)
        ORDER BY 1
        """;

    public string Name => "replication slots";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var slots = await world.Source.RowsAsync(Slots,
            row => new Slot(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetString(3), row.GetInt64(4)),
            ct);
        var read = slots.Where(slot => slot.IsActive).Select(slot => slot.Shown).ToList();
        if (read.Count > 0)
            notes.Add(SlotFindings.Active(Phrase.List(read)));
        var left = slots.Where(slot => slot is { IsLogical: true, IsActive: false }).ToList();
        if (left.Count > 0)
            notes.Add(SlotFindings.Inactive(Kept(left), Wording.Statements([.. left.Select(Drop)])));
        var standbys = slots.Where(slot => !slot.IsLogical).ToList();
        if (standbys.Count > 0)
            notes.Add(SlotFindings.Physical(Kept(standbys)));
    }

    private static string Kept(IEnumerable<Slot> slots) => Phrase.List([.. slots.Select(slot =>
        $"{slot.Shown} with {ServerCatalog.Number(slot.Bytes / 1_000_000)} MB of log")]);

    private static string Drop(Slot slot) => $"SELECT pg_catalog.pg_drop_replication_slot('{slot.Name}')";

    /// <param name="Shown">Name and plugin.</param>
    /// <param name="Bytes">WAL kept for the slot.</param>
    private sealed record Slot(string Name, bool IsLogical, bool IsActive, string Shown, long Bytes);
}
