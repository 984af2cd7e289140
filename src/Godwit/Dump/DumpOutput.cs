using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>pg_dump's standard output, which ends only if pg_dump ended well: a truncated archive must never look whole.</summary>
internal sealed class DumpOutput(IRunningProcess process, PostgresAddress source) : ForwardOnlyStream
{
    private const int FaultLinesMax = 6;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await process.Output.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0)
            await RequireSuccessAsync(cancellationToken);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task RequireSuccessAsync(CancellationToken ct)
    {
        var code = await process.WaitAsync(ct);
        if (code == 0)
            return;
        // Verbose output is mostly progress; what matters says so.
        var lines = process.ErrorTail.Split('\n');
        var said = lines.Where(line => line.Contains("error", StringComparison.Ordinal) || line.Contains("detail", StringComparison.Ordinal)).ToList();
        throw new FaultException(DumpFaults.Failed(source, code, string.Join('\n', (said.Count > 0 ? said : [.. lines]).TakeLast(FaultLinesMax))));
    }
}
