namespace Godwit.Faults;

/// <summary>Records the servers a command reached and its last events, for the report of a defect. A defect can occur
/// anywhere, so the witness flows with the command (<see cref="AsyncLocal{T}"/>) instead of being passed on.</summary>
/// <param name="report">Writes the report of an exception. Returns a sentence on how to send it.</param>
public sealed class Witness(Func<Exception, Witness, string> report)
{
    private const int EventsMax = 50;

    // A move has two servers. Rehearsals and cleanups reach a few more.
    private const int ServersMax = 16;

    private static readonly AsyncLocal<Witness?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _servers = new(StringComparer.Ordinal);
    private readonly List<(string Subject, string Text)> _events = [];
    private (Exception Met, string WhatToSend)? _last;

    /// <summary>Of the running command. Null in tests, and in programs that use the library without a
    /// command.</summary>
    public static Witness? Current => Ambient.Value;

    public IReadOnlyList<(string Name, string Version)> Servers
    {
        get
        {
            lock (_gate)
                return [.. _servers.Select(one => (one.Key, one.Value))];
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate)
                return [.. _events.Select(one => one.Text)];
        }
    }

    /// <summary>Makes this witness <see cref="Current"/> for all that the caller calls and awaits.</summary>
    public void Begin() => Ambient.Value = this;

    public void Reached(string server, string version)
    {
        lock (_gate)
        {
            if (_servers.Count < ServersMax || _servers.ContainsKey(server))
                _servers[server] = version;
        }
    }

    /// <param name="subject">Consecutive events of one subject replace each other: byte counts would push all else out.
    /// An event with an empty subject replaces none.</param>
    public void Happened(string subject, string text)
    {
        lock (_gate)
        {
            if (subject.Length > 0 && _events is [.., var last] && last.Subject == subject)
                _events.RemoveAt(_events.Count - 1);
            if (_events.Count == EventsMax)
                _events.RemoveAt(0);
            _events.Add((subject, text));
        }
    }

    /// <summary>An exception that is caught twice is reported once.</summary>
    internal string Report(Exception e)
    {
        lock (_gate)
        {
            if (_last is var (met, written) && ReferenceEquals(met, e))
                return written;
        }

        var whatToSend = report(e, this);
        lock (_gate)
            _last = (e, whatToSend);
        return whatToSend;
    }
}
