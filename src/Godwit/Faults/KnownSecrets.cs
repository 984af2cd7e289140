using System.Runtime.CompilerServices;

namespace Godwit.Faults;

/// <summary>The secrets that this process has read or been given. A report that leaves the machine is cleaned of all of
/// them, also where they stand in the message of an exception that nobody foresaw.</summary>
public static class KnownSecrets
{
    /// <summary>A secret may appear in a message after its object is gone: a link that was just used, a token that was
    /// just renewed.
    /// So many of the last ones are kept. Those that are in use are always known.</summary>
    private const int RecentMax = 1_024;

    private static readonly ConditionalWeakTable<Secret, object> InUse = [];
    private static readonly Queue<Secret> Recent = new(RecentMax);
    private static readonly Lock Gate = new();

    /// <summary>The table of weak keys wants a value, and there is none.</summary>
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
