using System.Collections.Immutable;
using System.Text.Json.Serialization;
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

/// <summary>What the sample of a laboratory's report was taken from.</summary>
public enum SampleBasis
{
    /// <summary>What went into the boiler (入炉).</summary>
    AsFired,

    /// <summary>What was delivered (入厂).</summary>
    AsReceived,
}

/// <summary>The accreditation mark on a laboratory's report.</summary>
public enum LabMark
{
    None,

    /// <summary>China metrology accreditation (检验检测机构资质认定).</summary>
    Cma,

    /// <summary>China national accreditation service (中国合格评定国家认可委员会).</summary>
    Cnas,
}

/// <summary>What a calibration certificate (检定或校准证书) says of an instrument of the plan.</summary>
/// <param name="Meter">Code of the plan's instrument.</param>
/// <param name="CalibratedOn">The day of the calibration.</param>
/// <param name="ValidUntil">The last day it holds for.</param>
/// <param name="ErrorPercent">The error that was found, with its sign.</param>
public sealed record MeterCalibration(string Meter, DateOnly CalibratedOn, DateOnly ValidUntil, decimal ErrorPercent);

/// <summary>
/// What a laboratory's report (检测报告) says of its sample; the month's figures that the report shows are as received (收到基), and what the laboratory
/// measured on the air-dried sample (空气干燥基) is what they were converted from. Of the latter null: the report does not say.
/// </summary>
/// <param name="Laboratory">What it is called.</param>
/// <param name="Mark">The accreditation that its report bears.</param>
/// <param name="Basis">What the sample was taken from.</param>
/// <param name="SampledOn">The day on which the sample was taken.</param>
/// <param name="TestedOn">The day on which it was tested.</param>
/// <param name="TotalMoisturePercent">Of the sample as received (全水分, Mt).</param>
/// <param name="AirDriedMoisturePercent">Of the air-dried sample (Mad), as the next four.</param>
/// <param name="AirDriedCarbonPercent">Cad.</param>
/// <param name="AirDriedHydrogenPercent">Had.</param>
/// <param name="AirDriedSulphurPercent">Sad.</param>
/// <param name="AirDriedGrossCalorificGjPerT">Gross calorific value at constant volume (Qgr,ad): GJ/t, which is MJ/kg.</param>
public sealed record LabTest(
    string Laboratory, LabMark Mark, SampleBasis Basis, DateOnly SampledOn, DateOnly TestedOn, decimal? TotalMoisturePercent = null,
    decimal? AirDriedMoisturePercent = null, decimal? AirDriedCarbonPercent = null, decimal? AirDriedHydrogenPercent = null,
    decimal? AirDriedSulphurPercent = null, decimal? AirDriedGrossCalorificGjPerT = null);

/// <param name="Sha256">Of the file's content: what it is kept under.</param>
/// <param name="Name">What people call the file.</param>
/// <param name="Kind">What the file shows.</param>
/// <param name="Calibration">Of a calibration certificate; null: it was not said.</param>
/// <param name="Test">Of a laboratory's report; null: it was not said.</param>
public sealed record Exhibit(string Sha256, string Name, EvidenceKind Kind, MeterCalibration? Calibration = null, LabTest? Test = null);

/// <summary>A measured figure of a month, bound to the file that shows it.</summary>
/// <param name="Stream">Code of the plan's stream.</param>
/// <param name="Input">An input of the stream's method.</param>
/// <param name="Value">In the unit beside it.</param>
/// <param name="Unit">As it was measured; the method takes any unit of the same dimension.</param>
/// <param name="Evidence">SHA-256 of the file.</param>
public sealed record MonthFigure(string Stream, string Input, decimal Value, string Unit, string Evidence);

/// <summary>What a generating unit did in a month.</summary>
/// <param name="GeneratingUnit">Its code in the plan.</param>
/// <param name="GenerationMwh">Power generated, in MWh.</param>
/// <param name="HeatSuppliedGj">Heat supplied, in GJ; 0 where it supplies none.</param>
/// <param name="BoilerHeatGj">Heat that its boiler gave.</param>
/// <param name="RunningHours">Hours for which it ran.</param>
/// <param name="LoadFactorPercent">Of its capacity, while it ran.</param>
/// <param name="Evidence">SHA-256 of the file that shows it.</param>
public sealed record UnitMonth(
    string GeneratingUnit, decimal GenerationMwh, decimal HeatSuppliedGj, decimal BoilerHeatGj, decimal RunningHours, decimal LoadFactorPercent, string Evidence);

/// <summary>What the stock book (购销存台账) says of a measured figure's month, beside its meter: what lay there, came, left unburned and lies there.</summary>
/// <param name="Stream">Code of the plan's stream.</param>
/// <param name="Input">The measured input of the stream that what left the stock should be.</param>
/// <param name="Opening">What lay there when the month began.</param>
/// <param name="Purchased">What came in the month.</param>
/// <param name="Sold">What left without being burned here.</param>
/// <param name="Closing">What lay there when the month ended.</param>
/// <param name="Unit">Of all four.</param>
/// <param name="Evidence">SHA-256 of the file that shows it.</param>
public sealed record StockMonth(string Stream, string Input, decimal Opening, decimal Purchased, decimal Sold, decimal Closing, string Unit, string Evidence)
{
    /// <summary>What left the stock otherwise: burned, if meter and book agree.</summary>
    [JsonIgnore]
    public decimal Used => Opening + Purchased - Sold - Closing;
}

/// <summary>What tells a figure a second time.</summary>
public enum CrossSource
{
    /// <summary>Forms of the statistics bureau (统计报表 205-1, 205-2).</summary>
    Statistics,

    Invoice,

    /// <summary>The grid company's settlement (电网结算单).</summary>
    GridSettlement,

    /// <summary>The plant's control system (DCS).</summary>
    ControlSystem,
}

/// <summary>What another source says of a figure of the month (交叉核对).</summary>
/// <param name="Of">Code of the plan's stream or generating unit.</param>
/// <param name="Input">An input of the stream that the plan measures; of a generating unit <c>generationMwh</c> or <c>heatSuppliedGj</c>.</param>
/// <param name="Source">Which other source says so.</param>
/// <param name="Value">What it says, in the unit beside it.</param>
/// <param name="Unit">Of the input's dimension.</param>
/// <param name="Evidence">SHA-256 of the file that shows it.</param>
public sealed record CrossReading(string Of, string Input, CrossSource Source, decimal Value, string Unit, string Evidence);

/// <param name="Units">Never empty; null: the month says nothing of generating units.</param>
/// <param name="Stocks">Never empty; null: the month says nothing of stocks.</param>
/// <param name="CrossReadings">Never empty; null: no other source is told.</param>
public sealed record MonthContent(
    ImmutableArray<Exhibit> Files, ImmutableArray<MonthFigure> Figures, ImmutableArray<UnitMonth>? Units = null, ImmutableArray<StockMonth>? Stocks = null,
    ImmutableArray<CrossReading>? CrossReadings = null)
{
    public bool Says(MonthContent other) =>
        Files.SequenceEqual(other.Files) && Figures.SequenceEqual(other.Figures) && (Units ?? []).SequenceEqual(other.Units ?? [])
        && (Stocks ?? []).SequenceEqual(other.Stocks ?? []) && (CrossReadings ?? []).SequenceEqual(other.CrossReadings ?? []);
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
