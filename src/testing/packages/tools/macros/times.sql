{% macro tools_now() %}
    {% set dt = modules.datetime %}
    {% set tz = modules.pytz.timezone(var('tools:time_zone')) %}
    {% set moment = dt.datetime(2024, 7, 1, 12, 30, 15) %}
    {% set utc = modules.pytz.utc.localize(moment) %}
    {% set there = utc.astimezone(tz) %}
    {% set out = [
        moment.isoformat(),
        there.strftime('%Y-%m-%d %H:%M:%S %z'),
        (moment - dt.timedelta(days=1)).date().isoformat(),
        moment.replace(hour=0, minute=0, second=0).strftime('%H:%M'),
        dt.datetime.strptime('2024-02-29', '%Y-%m-%d').weekday(),
        (dt.date(2024, 3, 1) - dt.date(2024, 2, 1)).days,
        moment.timestamp() | int > 0,
        dt.datetime.fromisoformat('2024-07-01T12:30:15') == moment,
        run_started_at.astimezone(modules.pytz.timezone('Europe/Berlin')).strftime('%Z') in ['CET', 'CEST'],
    ] %}
    {{ return(out) }}
{% endmacro %}

{% macro pairs(a, b) %}
    {% set found = [] %}
    {% for x, y in modules.itertools.product(a, b) %}
        {% do found.append(x ~ y) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{% macro parsed(text) %}
    {% set match = modules.re.match('(?P<name>\\w+)@(?P<version>[\\d.]+)', text) %}
    {% if match is none %}{{ return(none) }}{% endif %}
    {{ return({'name': match.group('name'), 'version': match.group(2), 'all': modules.re.findall('\\d', text), 'parts': modules.re.split('@', text)}) }}
{% endmacro %}

{% macro every_name() %}
    {% set asked = [] %}
    {% for name in varargs %}
        {% do asked.append(name) %}
    {% endfor %}
    {% for key, value in kwargs.items() %}
        {% do asked.append(key ~ '=' ~ value) %}
    {% endfor %}
    {{ return(asked) }}
{% endmacro %}
