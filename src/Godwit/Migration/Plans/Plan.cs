using Godwit.Pipeline;

namespace Godwit.Migration.Plans;

/// <param name="FirstChange">One of the steps. A run that is refused before this step has changed nothing.</param>
internal sealed record Plan(IReadOnlyList<IStep> Steps, IStep FirstChange);
