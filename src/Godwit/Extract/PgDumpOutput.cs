using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <summary>pg_dump's standard output. It ends only if pg_dump succeeded: a truncated archive must never look
/// whole.</summary>
/// <param name="looking">Reports lock waits until the stream is disposed.</param>
internal sealed class PgDumpOutput(
    IRunningProcess process, PostgresAddress source, ExtractOptions options, IAsyncDisposable looking) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await process.Output.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && await process.WaitAsync(cancellationToken) is var code and not 0)
            throw new FaultException(PgDumpFailure.Of(source, code, PgDumpCall.Said(process), options));
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await looking.DisposeAsync();
        await process.DisposeAsync();
        await base.DisposeAsync();
    }
}
