using System.Globalization;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Assess.Checks.Store;

/// <summary>What the service does with stored dumps: encryption, deletion, retention, costs.</summary>
internal static class StoreGuardNotes
{
    // Enough for a dump that is restored on the day it is made.
    private static readonly TimeSpan StaysMin = TimeSpan.FromDays(1);

    /// <returns>Stored objects can be deleted.</returns>
    public static async Task<bool> FindAsync(
        IBucket bucket, string address, AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (await bucket.FindGuardsAsync(ct) is not { } guards)
            return true;
        notes.AddFact("store at rest", guards.Encryption switch
        {
            EncryptionVerdict.On => $"encrypted by the service: {guards.EncryptionSaid}",
            EncryptionVerdict.Off => "not encrypted by the service",
            _ => "unknown: the service does not say whether it encrypts",
        });
        if (guards.Encryption == EncryptionVerdict.Off)
            notes.Add(StoreFindings.Unencrypted(address, "the service says that encryption at rest is off"));
        else if (guards.Encryption == EncryptionVerdict.Refused)
            notes.Add(StoreFindings.Unencrypted(address, $"these keys may not ask ({guards.EncryptionSaid})"));
        if (guards.DeletesAfterDays is { } days)
            notes.AddFact("store deletes", $"what is {Phrase.Count(days, "day")} old");
        var now = world.Parts.Clock.GetUtcNow();
        if (guards.DeletesAt is { } at && at < now + StaysMin)
            notes.Add(StoreFindings.DeletesTooSoon(address, Day(at)));
        if (guards.IsRequesterPaying)
            notes.Add(StoreFindings.RequesterPays(address));
        if (guards.Retention is { } retention)
            notes.Add(StoreFindings.Locked(address, retention.Mode, Day(now + retention.Length)));
        return guards.Retention is null || world.Request.Accept.Contains(StoreFindings.LockedCode);
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
