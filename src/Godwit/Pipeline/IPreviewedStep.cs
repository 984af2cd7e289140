namespace Godwit.Pipeline;

/// <summary>A step that can preview its effect for a plan, without changing anything.</summary>
public interface IPreviewedStep : IStep
{
    /// <summary>Runs before all steps.</summary>
    Task<IReadOnlyList<StepPreview>> PreviewAsync(CancellationToken ct);
}

/// <param name="Subject">What was looked at: an app, a variable, a file.</param>
/// <param name="State">Its present state and what the step would change; a clause without secrets.</param>
public sealed record StepPreview(string Subject, string State);
