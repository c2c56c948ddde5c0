using System.Globalization;
using static CarbonMarket.PolicyPacks.PackFile;

namespace CarbonMarket.PolicyPacks;

/// <summary>What a schema cannot say: zones exist, days are days, nothing overlaps, names that are used are known.</summary>
internal sealed class PackChecks
{
    private readonly string _file;
    private readonly List<PolicyPackFault> _faults = [];

    public PackChecks(string file, string market, PackFile pack)
    {
        _file = file;
        if (pack.Market is { } named && named != market)
            Fault("$.market", $"the file is that of {market} but names {named}", market);
        TimeZone(pack.TimeZone);
        Versions(pack.Versions);
        for (var index = 0; index < pack.Versions.Count; index++)
            Version(pack.Versions[index], $"$.versions[{index}]");
    }

    public IReadOnlyList<PolicyPackFault> Faults => _faults;

    internal static DateOnly? Date(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    internal static TimeOnly? Time(string? text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private void TimeZone(string? id)
    {
        if (id is null || TimeZoneInfo.TryFindSystemTimeZoneById(id, out _))
            return;
        var none = TimeZoneInfo.GetSystemTimeZones().Count <= 1;
        Fault(
            "$.timeZone",
            none ? $"{id} cannot be looked up: this machine has no time zone data" : $"no time zone {id} is known",
            none ? "the package tzdata, installed (Debian: apt-get install tzdata)" : "an IANA time zone such as Asia/Shanghai");
    }

    private void Versions(IReadOnlyList<VersionPart> versions)
    {
        var spans = versions.Select((version, index) => new Span<DateOnly>(
            $"$.versions[{index}].validFrom.value", DayOf(version.ValidFrom, $"$.versions[{index}].validFrom.value"),
            DayOf(version.ValidTo, $"$.versions[{index}].validTo.value"))).ToList();
        // A version without an end ends where the next begins, but two may not begin together.
        Overlaps(spans, (earlier, later) => earlier.To is { } to ? to >= later.From : earlier.From == later.From);
        Unique(versions.Select((version, index) => ($"$.versions[{index}].version", version.Version)), "version");
    }

    private void Version(VersionPart version, string path)
    {
        Instruments(version.Instruments, path + ".instruments");
        Trading(version.Trading, path + ".trading");
        new SessionChecks(_file, _faults).Check(version.Trading.Sessions, version.Instruments, path);
        Compliance(version.Compliance, path + ".compliance");
        Registry(version.Registry, path + ".registry");
        Fees(version, path);
        Verification(version.Verification, path + ".verification");
        Allocation(version.Allocation, version.Instruments, path + ".allocation");
        InTrust(version, path);
        Unique(version.Parameters.Select((parameter, index) => ($"{path}.parameters[{index}].id", parameter.Id)), "parameter");
        for (var index = 0; index < version.Parameters.Count; index++)
            Values(version.Parameters[index].Values, $"{path}.parameters[{index}].values");
    }

    private void Instruments(IReadOnlyList<InstrumentPart> instruments, string path)
    {
        Unique(instruments.SelectMany((instrument, index) => instrument.Expanded.Select(one => ($"{path}[{index}].id", (string?)one.Id))), "instrument");
        for (var index = 0; index < instruments.Count; index++)
        {
            var (instrument, at) = (instruments[index], $"{path}[{index}]");
            if (instrument is { BasePriceMinor: null } and ({ PriceBandBasisPoints: not null } or { BlockPriceBandBasisPoints: not null }))
                Fault(at + ".basePriceMinor", "a band has no close to start from on the first day", "a base price");
            if (instrument is { BlockPriceBandBasisPoints: not null, ListedBelowQuantity: null })
                Fault(at + ".listedBelowQuantity", "blocks have a band but no size to begin at", "the quantity at which blocks begin");
            if (instrument is { BasePriceMinor.Value: var price, TickMinor.Value: > 0 and var tick } && price % tick != 0)
                Fault(at + ".basePriceMinor.value", $"{price} is no multiple of the tick {tick}", "a multiple of the tick");
            if (instrument is { Composite.Value: true, Vintages: null })
                Fault(at + ".composite", "there is nothing to put together", "an instrument with vintages");
            Kind(instrument, at);
            Limits(instrument, at);
        }
    }

    private void Kind(InstrumentPart instrument, string at)
    {
        var energy = instrument.KindOrAllowance == "energy-use-right";
        if (instrument.Unit is { } unit && energy != (unit == "tce"))
            Fault(at + ".kind", $"{instrument.KindOrAllowance} is not counted in {unit}", "energy-use-right in tce, allowance and offset in tCO2e");
        if (energy && instrument.EnergyBasis is null)
            Fault(at + ".energyBasis", "tce without a basis mean nothing", "calorific-value or coal-equivalent");
        foreach (var (name, there) in new[]
            { ("region", instrument.Region is not null), ("energyBasis", instrument.EnergyBasis is not null), ("quota", instrument.Quota is not null) })
        {
            if (there && !energy)
                Fault($"{at}.{name}", $"it says nothing of an {instrument.KindOrAllowance}", "for energy-use rights only");
        }
    }

    private void Limits(InstrumentPart instrument, string at)
    {
        if (instrument.LotSize is { Value: var lot } && instrument.LargestOrderQuantity is { Value: var largest } && largest < lot)
            Fault(at + ".largestOrderQuantity.value", $"{largest} is below one lot of {lot}", "one lot at least");
        if (instrument is { PositionLimit.Value: var limit, LargeTraderReportFrom.Value: var report } && report > limit)
            Fault(at + ".largeTraderReportFrom.value", $"nobody may hold {report}: the position limit is {limit}", "the position limit at most");
        if (instrument.Stands("good-till-date") && instrument.LongestGoodTillDays is null)
            Fault(at + ".longestGoodTillDays", "orders may be good till a date, and no date is too far", "the most days an order may be good for");
        if (instrument.LongestGoodTillDays is not null && !instrument.Stands("good-till-date"))
            Fault(at + ".longestGoodTillDays", "no order may be good till a date", "good-till-date in timesInForce");
        if (instrument is { PriceRunHalt: not null, PriceBandBasisPoints: null })
            Fault(at + ".priceRunHalt", "without a band no price is outside it", "a price band");
        if (instrument.PriceRunHalt is { Participants: { } participants, Count: var count } && participants > count)
            Fault(at + ".priceRunHalt.participants", $"{count} refusals cannot be of {participants} participants", "the count at most");
    }

    private void Trading(TradingPart trading, string path)
    {
        var holidays = trading.Holidays.Select((holiday, index) => new Span<DateOnly>(
            $"{path}.holidays[{index}].from", DayOf(holiday.From, $"{path}.holidays[{index}].from"), DayOf(holiday.To, $"{path}.holidays[{index}].to"))).ToList();
        Overlaps(holidays, (earlier, later) => earlier.To >= later.From);
    }

    private void Compliance(CompliancePart compliance, string path)
    {
        Deadline(compliance.ReportDeadline, path + ".reportDeadline.value");
        Deadline(compliance.SurrenderDeadline, path + ".surrenderDeadline.value");
        Vintages(compliance, path);
        Unique(compliance.Exceptions.Select((exception, index) => ($"{path}.exceptions[{index}].year", exception.Year?.ToString(CultureInfo.InvariantCulture))), "year");
        for (var index = 0; index < compliance.Exceptions.Count; index++)
        {
            var (exception, at) = (compliance.Exceptions[index], $"{path}.exceptions[{index}]");
            if (exception is { Report: null, Surrender: null })
                Fault(at, "it changes no deadline", "a day for report or surrender");
            foreach (var (name, text) in new[] { ("report", exception.Report), ("surrender", exception.Surrender) })
            {
                if (DayOf(text, $"{at}.{name}") is { } day && day.Year <= exception.Year)
                    Fault($"{at}.{name}", $"{day:yyyy-MM-dd} is not after the year {exception.Year}", "a day in a later year");
            }
        }
    }

    private void Vintages(CompliancePart compliance, string path)
    {
        foreach (var (usable, index) in compliance.UsableVintages.Select((usable, index) => (usable, index)))
        {
            var at = $"{path}.usableVintages[{index}]";
            if (usable.LastYear < usable.FirstYear)
                Fault(at + ".lastYear", "the years end before they begin", "the first year at least");
            if (usable.LastVintage < usable.FirstVintage)
                Fault(at + ".lastVintage", "the vintages end before they begin", "the first vintage at least");
            if (DayOf(usable.ValidTo, at + ".validTo") < DayOf(usable.ValidFrom, at + ".validFrom"))
                Fault(at + ".validTo", "it ends before it begins", "a day not before validFrom");
        }
        foreach (var (carried, index) in compliance.CarryOvers.Select((carried, index) => (carried, index)))
            CarryOver(carried, $"{path}.carryOvers[{index}]");
    }

    private void CarryOver(CarryOverPart carried, string at)
    {
        if (carried.LastVintage < carried.FirstVintage || carried.IntoYear <= carried.LastVintage)
            Fault(at + ".lastVintage", "old vintages are carried into a later one", "the first vintage at least, below intoYear");
        if (carried.LastTradingYear < carried.FirstTradingYear)
            Fault(at + ".lastTradingYear", "the trading years end before they begin", "the first trading year at least");
        DayOf(carried.Snapshot?.Day, at + ".snapshot.day");
        var last = DayOf(carried.Opens, at + ".opens");
        foreach (var (batch, place) in carried.Batches.Select((batch, place) => (batch, place)))
        {
            var (to, done) = (DayOf(batch.RequestsTo, $"{at}.batches[{place}].requestsTo"), DayOf(batch.ProcessedOn, $"{at}.batches[{place}].processedOn"));
            if (to < last)
                Fault($"{at}.batches[{place}].requestsTo", "a batch ends before it begins", "a day after the batch before and after opens");
            if (done <= to)
                Fault($"{at}.batches[{place}].processedOn", "a batch is processed while its requests still come", "a day after requestsTo");
            last = to ?? last;
        }
    }

    private void Registry(RegistryPart registry, string path)
    {
        if (registry.WorkingHours is { } hours && Time(hours.Opens) >= Time(hours.Closes))
            Fault(path + ".workingHours.closes", "the offices close before they open", "a time after their opening");
        foreach (var (day, index) in (registry.WorkingHours?.MakeUpDays ?? []).Select((day, index) => (day, index)))
            DayOf(day, $"{path}.workingHours.makeUpDays[{index}]");
        Unique(registry.AccountTypes.Select((type, index) => ($"{path}.accountTypes[{index}].id", type.Id)), "account type");
        Unique(registry.TransactionTypes.Select((type, index) => ($"{path}.transactionTypes[{index}].id", type.Id)), "transaction type");
        Unique(registry.AccountStatuses.Select((status, index) => ($"{path}.accountStatuses[{index}].id", status.Id)), "account status");
        var types = registry.TransactionTypes.Select(type => type.Id!).ToHashSet(StringComparer.Ordinal);
        foreach (var (status, index) in registry.AccountStatuses.Select((status, index) => (status, index)))
        {
            foreach (var (side, names) in new[] { ("sends", status.Sends), ("receives", status.Receives) })
            {
                foreach (var name in names.Where(name => !types.Contains(name)))
                    Fault($"{path}.accountStatuses[{index}].{side}", $"no transaction type {name} is known", "one of " + string.Join(", ", types));
            }
        }
        var known = registry.AccountTypes.Select(type => type.Id).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; index < registry.TransactionTypes.Count; index++)
        {
            var (type, at) = (registry.TransactionTypes[index], $"{path}.transactionTypes[{index}]");
            foreach (var (side, names) in new[] { ("from", type.From), ("to", type.To) })
            {
                foreach (var name in names.Where(name => !known.Contains(name)))
                    Fault($"{at}.{side}", $"no account type {name} is known", "one of " + string.Join(", ", known));
            }

            foreach (var name in type.Reverses.Except(registry.TransactionTypes.Select(other => other.Id!), StringComparer.Ordinal))
                Fault($"{at}.reverses", $"no transaction type {name} is known", "one of " + string.Join(", ", registry.TransactionTypes.Select(other => other.Id)));
            if (type is { Reverses.Count: 0, ReverseWithinDays: not null })
                Fault($"{at}.reverseWithinDays", "it reverses nothing", "types in reverses, or no limit");
            if (type.ProposedBy != "platform" && (type.From.Count == 0 || type.To.Count == 0))
                Fault($"{at}.proposedBy", "what is proposed moves from account to account", "platform, or account types on both sides");
            if (type is { From.Count: 0, To.Count: 0 })
                Fault(at, "it moves nothing: from and to are both empty", "an account type on one side at least");
        }
    }

    private void Fees(VersionPart version, string path)
    {
        Moves("trade-fee", "trading", "fees", version.Instruments.Any(instrument => instrument.FeeBasisPoints is not null), "fees of trades are taken");
        Moves("risk-reserve-contribution", "fees", "risk-reserve", version.Registry.RiskReserveBasisPoints is not null, "a share of the fees is set aside");

        void Moves(string type, string from, string to, bool needed, string because)
        {
            if (needed && !version.Registry.TransactionTypes.Any(known => known.Id == type && known.From.Contains(from, StringComparer.Ordinal) && known.To.Contains(to, StringComparer.Ordinal)))
                Fault(path + ".registry.transactionTypes", $"{because} and nothing says where they go", $"{type}, from {from} to {to}");
        }
    }

    private void Verification(VerificationPart verification, string path)
    {
        Deadline(verification.StatementDeadline, path + ".statementDeadline.value");
        foreach (var same in verification.ExcludedMethods.Select((excluded, index) => (excluded, index)).GroupBy(each => each.excluded.Method, StringComparer.Ordinal))
            Overlaps([.. same.Select(each => new Span<int>($"{path}.excludedMethods[{each.index}].firstYear", each.excluded.FirstYear, each.excluded.LastYear ?? int.MaxValue))],
                (earlier, later) => earlier.To >= later.From);
    }

    private void Allocation(AllocationPart allocation, IReadOnlyList<InstrumentPart> instruments, string path)
    {
        Unique(allocation.Divisions.Select((division, index) => ($"{path}.divisions[{index}].code", division.Code)), "division");
        Unique(allocation.SpecialCases.Select((known, index) => ($"{path}.specialCases[{index}].id", known.Id)), "special case");
        for (var index = 0; index < allocation.Divisions.Count; index++)
        {
            if (allocation.Divisions[index].Within is { } within && allocation.Divisions.All(division => division.Code != within))
                Fault($"{path}.divisions[{index}].within", $"there is no division {within}", "the code of another division");
        }
        for (var index = 0; index < allocation.Categories.Count; index++)
        {
            if (allocation.Categories[index].Instrument is { } named && instruments.All(instrument => instrument.Id != named))
                Fault($"{path}.categories[{index}].instrument", $"there is no instrument {named}", "one of " + string.Join(", ", instruments.Select(instrument => instrument.Id)));
        }
        foreach (var same in allocation.Categories.Select((category, index) => (category, index)).GroupBy(each => each.category.Id, StringComparer.Ordinal))
            Overlaps([.. same.Select(each => new Span<int>($"{path}.categories[{each.index}].firstYear", each.category.FirstYear, each.category.LastYear))],
                (earlier, later) => earlier.To >= later.From);
        for (var index = 0; index < allocation.SpecialCases.Count; index++)
        {
            var (treatments, within) = (allocation.SpecialCases[index].Treatments, $"{path}.specialCases[{index}].treatments");
            Overlaps([.. treatments.Select((treatment, at) => new Span<int>($"{within}[{at}].firstYear", treatment.FirstYear, treatment.LastYear))],
                (earlier, later) => earlier.To >= later.From);
            for (var at = 0; at < treatments.Count; at++)
                Categories(treatments[at], allocation.Categories, $"{within}[{at}].categories");
        }
    }

    private void Categories(TreatmentPart treatment, IReadOnlyList<CategoryPart> categories, string path)
    {
        var known = categories.Where(category => category.FirstYear <= treatment.LastYear && treatment.FirstYear <= category.LastYear)
            .Select(category => category.Id).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; index < treatment.Categories.Count; index++)
        {
            if (!known.Contains(treatment.Categories[index]))
                Fault($"{path}[{index}]", $"there is no category {treatment.Categories[index]} in its years", "one of " + string.Join(", ", known));
        }
    }

    private void InTrust(VersionPart version, string path)
    {
        var authority = version.Registry.AccountTypes.Where(type => type.HeldBy == "authority").Select(type => type.Id).ToList();
        if (version.Registry.TransactionTypes.Any(type => type.Id == "allocation" && type.To.Intersect(authority, StringComparer.Ordinal).Any()))
            return;
        foreach (var (treatments, index) in version.Allocation.SpecialCases.Select((known, index) => (known.Treatments, index)))
        {
            for (var at = 0; at < treatments.Count; at++)
            {
                if (treatments[at].InTrust)
                    Fault($"{path}.allocation.specialCases[{index}].treatments[{at}].inTrust", "nothing is allocated to an account of the authority",
                        "an account that the authority holds among those that allocation goes to");
            }
        }
    }

    private void Values(IReadOnlyList<ParameterValuePart> values, string path)
    {
        for (var index = 0; index < values.Count; index++)
        {
            var (value, at) = (values[index], $"{path}[{index}]");
            if (value.FirstYear is null == value.ValidFrom is null)
                Fault(at, "it is not said when the value holds, or said twice", "either firstYear or validFrom");
            if (value is { LastYear: not null, FirstYear: null } or { ValidTo: not null, ValidFrom: null })
                Fault(at, "the value has an end without a beginning", "firstYear with lastYear, validFrom with validTo");
        }

        var years = values.Select((value, index) => new Span<int>($"{path}[{index}].firstYear", value.FirstYear, value.LastYear ?? value.FirstYear)).ToList();
        Overlaps(years, (earlier, later) => earlier.To >= later.From);
        var days = values.Select((value, index) => new Span<DateOnly>(
            $"{path}[{index}].validFrom", DayOf(value.ValidFrom, $"{path}[{index}].validFrom"),
            value.ValidFrom is null ? null : DayOf(value.ValidTo, $"{path}[{index}].validTo") ?? DateOnly.MaxValue)).ToList();
        Overlaps(days, (earlier, later) => earlier.To >= later.From);
    }

    /// <summary>Each span against the next by beginning; spans whose ends could not be read have been reported.</summary>
    private void Overlaps<T>(List<Span<T>> spans, Func<Span<T>, Span<T>, bool> clash)
        where T : struct, IComparable<T>
    {
        var ordered = spans.Where(span => span.From is not null).OrderBy(span => span.From!.Value).ToList();
        foreach (var backwards in ordered.Where(span => span.To is { } to && to.CompareTo(span.From!.Value) < 0))
            Fault(backwards.Path, "it ends before it begins", "an end on or after the beginning");
        foreach (var (earlier, later) in ordered.Zip(ordered.Skip(1)))
        {
            if (clash(earlier, later))
                Fault(later.Path, $"it overlaps {earlier.Path}", "a beginning after the end of the other");
        }
    }

    private void Unique(IEnumerable<(string Path, string? Id)> ids, string kind)
    {
        foreach (var same in ids.Where(id => id.Id is not null).GroupBy(id => id.Id, StringComparer.Ordinal))
        {
            foreach (var (path, id) in same.Skip(1))
                Fault(path, $"the {kind} {id} is there twice", "each once");
        }
    }

    private void Deadline(Sourced<string>? deadline, string path)
    {
        if (deadline?.Value is { } text && !MonthDay.TryParse(text, out _))
            Fault(path, $"{text} is not a day of every year", "MM-DD, not 02-29");
    }

    private DateOnly? DayOf(Sourced<string>? sourced, string path) => DayOf(sourced?.Value, path);

    private DateOnly? DayOf(string? text, string path)
    {
        var day = Date(text);
        if (text is not null && day is null)
            Fault(path, $"{text} is no day of the calendar", "a date, YYYY-MM-DD");
        return day;
    }

    private void Fault(string path, string problem, string right) =>
        _faults.Add(new PolicyPackFault(_file, path, problem, right));

    private readonly record struct Span<T>(string Path, T? From, T? To)
        where T : struct;
}
