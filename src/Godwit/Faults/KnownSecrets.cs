using System.Runtime.CompilerServices;

namespace Godwit.Faults;

/// <summary>The secrets that this process has read. Reports that leave the machine are cleaned of them, even of those
/// in unexpected exceptions.</summary>
public static class KnownSecrets
{
    // Recent secrets are kept, because a message may quote a link or token after its object was collected. Secrets in
    // use are always known.
    private const int RecentMax = 1_024;

    private static readonly ConditionalWeakTable<Secret, object> InUse = [];
    private static readonly Queue<Secret> Recent = new(RecentMax);
    private static readonly Lock Gate = new();

    // A placeholder: ConditionalWeakTable{TKey, TValue} needs a value per key.
    private static readonly object Present = new();

    public static IReadOnlyList<Secret> All
    {
        get
        {
            lock (Gate)
                return [.. InUse.Select(one => one.Key).Concat(Recent).Distinct()];
        }
    }

    internal static void Add(Secret secret)
    {
        lock (Gate)
        {
            InUse.Add(secret, Present);
            if (Recent.Count == RecentMax)
                Recent.Dequeue();
            Recent.Enqueue(secret);
        }
    }
}
