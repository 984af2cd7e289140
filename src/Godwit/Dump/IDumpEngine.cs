// Dump: one consistent snapshot of the source, streamed into the store as a pg_dump archive in custom format.
//
// The engine that makes the archive and the step that puts it into the store know each other only as a stream:
// no byte of it touches this machine's disk.
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Makes an archive.</summary>
public interface IDumpEngine
{
    /// <summary>What it is, for the plan: <c>pg_dump 15</c>.</summary>
    string Name { get; }

    /// <summary>Starts at once. Reading the stream throws instead of ending when the archive is not whole; disposing it stops the dump.</summary>
    /// <param name="tableStarted">Told each table (as <see cref="TableFacts.Plain"/>) when its data begins.</param>
    /// <exception cref="FaultException">It cannot start.</exception>
    Stream Open(Action<string> tableStarted);
}
