namespace Godwit.Faults;

/// <summary>What one command has met so far: the servers it reached and its last events. The report of a defect needs
/// them, and a defect can be met anywhere, so the witness belongs to the flow of the command (an
/// <see cref="AsyncLocal{T}"/>) and is not passed on by hand.</summary>
/// <param name="report">Writes the report of an exception and says, in a sentence, how to get at it.</param>
public sealed class Witness(Func<Exception, Witness, string> report)
{
    /// <summary>Enough to see what the command was doing.</summary>
    private const int EventsMax = 50;

    /// <summary>Both sides of a move; rehearsals and cleanups reach some more.</summary>
    private const int ServersMax = 16;

    private static readonly AsyncLocal<Witness?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _servers = new(StringComparer.Ordinal);
    private readonly List<(string Subject, string Text)> _events = [];
    private (Exception Met, string WhatToSend)? _last;

    /// <summary>The one of the command that is running; null in a test or a program that uses the library
    /// alone.</summary>
    public static Witness? Current => Ambient.Value;

    /// <summary>Servers by name, with their versions.</summary>
    public IReadOnlyList<(string Name, string Version)> Servers
    {
        get
        {
            lock (_gate)
                return [.. _servers.Select(one => (one.Key, one.Value))];
        }
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate)
                return [.. _events.Select(one => one.Text)];
        }
    }

    /// <summary>From here on this one is <see cref="Current"/>, for everything that the caller calls and
    /// awaits.</summary>
    public void Begin() => Ambient.Value = this;

    public void Reached(string server, string version)
    {
        lock (_gate)
        {
            if (_servers.Count < ServersMax || _servers.ContainsKey(server))
                _servers[server] = version;
        }
    }

    /// <param name="subject">An event of the same subject as the one before it takes its place: bytes that move would
    /// push everything else out.
    /// Empty: it stands for itself.</param>
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

    /// <summary>Writes the report, once for an exception that is caught twice.</summary>
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
