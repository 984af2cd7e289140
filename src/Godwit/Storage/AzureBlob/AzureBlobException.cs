using System.Net;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>The service refused a call. Its text is the service's own, which repeats what was signed but never a
/// key.</summary>
/// <param name="code">Of <c>x-ms-error-code</c>; empty when something before the service answered.</param>
#pragma warning disable CA1064 // It never leaves this folder but as the cause of a fault.
internal sealed class AzureBlobException(HttpStatusCode status, string code, string message, TimeSpan? wait)
    : Exception(message), IAsksToWait
{
    public HttpStatusCode Status => status;

    public string Code => code;

    public TimeSpan? Wait => wait;
}
