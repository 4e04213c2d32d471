/** What is installed: the words of the command line, by the size of what they bring. */

export interface RequirementSet {
  readonly name: 'small' | 'mid' | 'large'
  readonly requirements: readonly string[]
}

const mid = 'jupyterlab pandas matplotlib scikit-learn seaborn'

const large = `jupyter pandas matplotlib scikit-learn seaborn fastapi sqlalchemy alembic redis django
  boto3 pytest pytest-cov pytest-xdist mypy black sphinx streamlit plotly dash pyarrow sympy networkx
  statsmodels scikit-image aiohttp google-genai paramiko transformers nltk uvicorn scipy bokeh altair
  xarray netcdf4 dask h5py tables imageio tensorboard gunicorn psycopg2-binary pymysql flask-cors
  flask-login beautifulsoup4 lxml selenium openpyxl xlsxwriter pre-commit nox pylint flake8 isort
  hypothesis rich typer openai anthropic`

export const small: RequirementSet = { name: 'small', requirements: ['flask', 'requests'] }
export const requirementSets: readonly RequirementSet[] = [
  small,
  { name: 'mid', requirements: mid.split(/\s+/) },
  { name: 'large', requirements: large.split(/\s+/) },
]
