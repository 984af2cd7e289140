namespace Godwit.HerokuLocal.Transfers;

#pragma warning disable CA1064 // Never leaves the transfer it ends.
/// <summary>Ends a transfer as failed; the message becomes its last log line.</summary>
internal sealed class TransferException(string message) : Exception(message);
#pragma warning restore CA1064
