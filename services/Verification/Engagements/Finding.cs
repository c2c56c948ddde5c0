using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Engagements;

/// <summary>Something the verifier found that does not comply (不符合项).</summary>
/// <param name="CorrectBy">Last legal day for the correction; null: none.</param>
/// <param name="Cause">In the words of the entity, as is the action; null until it answers.</param>
/// <param name="Conclusion">Null while the verifier has not concluded on it, or since the entity answered again.</param>
public sealed record Finding(
    Guid Id, FindingCategory Category, string Description, string Parameter, string? Source, long ReportVersion, DateOnly? CorrectBy,
    string? Cause, string? CorrectiveAction, FindingConclusion? Conclusion, string? Note, ConservativeEstimate? Estimate)
{
    public bool IsOpen => Conclusion is null;

    /// <summary>Concluded upon, and not corrected.</summary>
    public bool IsUncorrected => Conclusion is FindingConclusion.Insufficient or FindingConclusion.NotCorrected;

    public bool IsAnswered => CorrectiveAction is not null;

    public bool IsInTime(DateOnly day) => !(day > CorrectBy);
}

/// <summary>What the verifier reckons with where a finding was not corrected (保守性原则).</summary>
/// <param name="Tonnes">Of the finding's source; of what is missing, where it is about none.</param>
public sealed record ConservativeEstimate(Tonnes Tonnes, string Basis);

/// <param name="Id">Made by the verifier; names the request.</param>
/// <param name="Question">What is needed, in the verifier's words.</param>
/// <param name="AskedOn">The legal day on which it was asked.</param>
/// <param name="Answer">In the entity's words; null while it is open.</param>
/// <param name="AnsweredOn">Null while it is open: the verifier's time stands still.</param>
public sealed record InformationRequest(Guid Id, string Question, DateOnly AskedOn, string? Answer, DateOnly? AnsweredOn);

/// <param name="Id">Made by the verifier; names the visit.</param>
/// <param name="From">First legal day on site.</param>
/// <param name="To">Last legal day on site.</param>
/// <param name="Note">What was seen and by whom.</param>
public sealed record SiteVisit(Guid Id, DateOnly From, DateOnly To, string Note);

public sealed record TickedItem(string Code, string Note);
