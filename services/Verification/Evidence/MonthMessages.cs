using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Evidence;

/// <summary>What a file shows.</summary>
public enum EvidenceKind
{
    MeterReading,
    LabReport,
    Calibration,
    Invoice,
    Statistics,
    Other,
}

/// <param name="Sha256">Of the file's content: what it is kept under.</param>
public sealed record Exhibit(string Sha256, string Name, EvidenceKind Kind);

/// <summary>A measured figure of a month, bound to the file that shows it.</summary>
/// <param name="Input">An input of the stream's method.</param>
/// <param name="Unit">As it was measured; the method takes any unit of the same dimension.</param>
/// <param name="Evidence">SHA-256 of the file.</param>
public sealed record MonthFigure(string Stream, string Input, decimal Value, string Unit, string Evidence);

public sealed record MonthContent(ImmutableArray<Exhibit> Files, ImmutableArray<MonthFigure> Figures)
{
    public bool Says(MonthContent other) => Files.SequenceEqual(other.Files) && Figures.SequenceEqual(other.Figures);
}

/// <param name="PlanVersion">The version of the year's plan that the figures were checked against.</param>
/// <param name="MonthIsOver">Whether the month has ended.</param>
/// <param name="Late">Whether the last day for the month's evidence has passed.</param>
public sealed record SubmitMonth(
    string Market, Guid MonthId, Guid ParticipantId, ComplianceYear Year, int Month, long PlanVersion, MonthContent Content, bool MonthIsOver, bool Late,
    DateTimeOffset At);

// Stored for ever: change only by adding.
public abstract record MonthEvent
{
    private MonthEvent()
    {
    }

    /// <param name="MonthVersion">Counts the filings, from 1.</param>
    /// <param name="Late">This version came after the last day.</param>
    public sealed record MonthFiled(
        string Market, Guid MonthId, Guid ParticipantId, ComplianceYear Year, int Month, long MonthVersion, long PlanVersion, MonthContent Content,
        bool Late, DateTimeOffset At) : MonthEvent;
}
